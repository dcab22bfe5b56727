"""What words and marks mean by themselves: sentences, figures, times, words that name events."""
