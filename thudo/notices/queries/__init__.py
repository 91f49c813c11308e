"""Readers of notices.

addresses.address_of(recipient), hash_of(endpoint)   sealed addresses
topics.exists(topic), words(topic)                   what a topic names
telling.told(message)                                 what a message says, to its reader
nearby.place_page(topic, since, at)                   what is new at a place
"""
