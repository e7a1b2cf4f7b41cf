"""The demonstration: invented quarters that happen when the clock is moved, and the page a visitor starts from."""
