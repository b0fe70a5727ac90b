"""The Telegram bot: python-telegram-bot reads and sends, `Turns` answers, the ledger remembers."""
