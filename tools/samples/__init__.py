"""Makes the sample disclosures: ledger → forms → pages. Needs the development dependencies (reportlab, Pillow)."""
