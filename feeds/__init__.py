"""What subscribers get: feeds rendered from stored posts and published as files. Never imports Scrapy."""
