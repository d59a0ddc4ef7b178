"""How we behave towards a site: its robots.txt, our pace, our name, and where a redirect may not lead us."""
