"""What a figure shows, said in a sentence: numbers in, words out."""
