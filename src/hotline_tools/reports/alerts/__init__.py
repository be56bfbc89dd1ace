"""Detection of rises: daily series, key terms, the test and its evidence."""
