"""What is told to whom, and what may become of a mail: no database, no network, no clock."""
