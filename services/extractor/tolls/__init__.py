"""How many were hurt or held, and who gives the figure."""
