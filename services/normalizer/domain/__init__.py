"""Pure: extracted tables to facts with national codes."""
