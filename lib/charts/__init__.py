"""Charts: frames in, Altair charts out. No Streamlit, no data pack, no calculation of a measure."""
