"""Pure: facts and rules to checks, findings and a verdict."""
