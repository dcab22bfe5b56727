"""An article as it has been read: who and where is named, who speaks."""
