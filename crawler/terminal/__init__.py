"""What a person sees: lines, problems, progress, a post."""
