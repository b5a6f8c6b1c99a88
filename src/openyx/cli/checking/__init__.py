"""How checks are told: one workflow tool by tool, or a folder of them file by file."""
