"""The other extractors, each in a process of its own: nothing of ours ever imports one."""
