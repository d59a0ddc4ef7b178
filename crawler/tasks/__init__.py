"""What the commands do, one task a file; the commands themselves only take arguments and print."""
