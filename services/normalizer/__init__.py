"""Tables → facts: form recognition, header paths, codes, units, claims."""
