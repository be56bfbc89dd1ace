"""The layouts that come with the package: one TOML file each; common.toml is what all build on."""
