"""Running orders: views of the app put together beforehand, to be shown in a room one after another."""
