"""What every chart is made with: theme, scales, axes, legends, outlines, pictures."""
