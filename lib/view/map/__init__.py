"""The district map: Leaflet without the web, its layers and its legend."""
