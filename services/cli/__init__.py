"""The `dateline` command. What is heavy is imported inside functions: a child process imports these modules too."""
