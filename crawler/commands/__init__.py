"""The commands of `moafeed`: one file each, its name is the command's; a new file is a new command."""
