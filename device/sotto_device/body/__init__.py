"""What the wearer touches and sees on the device: a switch that is stronger than software, and a light."""
