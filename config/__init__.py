"""The configuration of story watcher: TOML and the environment in, frozen values out.

`config.load.load` reads it, `config.edit` changes it, `config.schema` describes it to editors.
"""
