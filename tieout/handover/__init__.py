"""What is handed over to a department: decisions about findings, and the report of a document in four forms."""
