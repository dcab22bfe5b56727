"""When and where a deed was done."""
