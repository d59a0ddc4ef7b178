"""The Scrapy project and the roof of the house: crawling, the source files and the command line."""
