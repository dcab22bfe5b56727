"""The English model: tags, syntax and names, its answers as plain values."""
