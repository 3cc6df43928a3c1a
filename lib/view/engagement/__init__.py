"""The Market engagement page: the demand board for commissioners."""
