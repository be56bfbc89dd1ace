"""The audit of a bulletin, ours or anybody's: what in it contradicts itself.

``readers`` make a ``Bulletin`` of a file, ``quantities`` finds the figures of a sentence, and each other
module looks for one kind of contradiction. Only what no reading of the text makes true is told: a share is
wrong when no total of the bulletin fits it, not when it may be meant of another one.
"""
