"""What a change of the configuration will change, and for whom. PURE: two houses and the people in one of them, compared."""
