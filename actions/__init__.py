"""The rasa-sdk actions: read the tracker, call one pure function, dispatch its reply."""
