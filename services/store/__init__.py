"""Documents, results and filings in a database; exports."""
