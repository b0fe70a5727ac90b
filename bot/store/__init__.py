"""The database: its tables, how it is reached, and the functions that read and write rows."""
