"""What people see: everything that imports Streamlit or folium."""
