"""Where things are kept: tables, repositories, files, and the one place where the database meets asyncio."""
