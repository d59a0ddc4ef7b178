"""What a post is: the schema, its normalisation and its store. Imports nothing else of the project."""
