from rnnlab.presets import PTB_SMALL, SINE_ORIGINAL
from rnnlab.training import learning_rate


def test_the_small_treebank_schedule_of_ptb_word_lm():
    """lr 1.0 for four epochs, then halved each epoch: max_epoch 4, lr_decay 0.5."""
    rates = [learning_rate(PTB_SMALL.experiment.training, epoch) for epoch in range(13)]
    assert rates[:4] == [1.0, 1.0, 1.0, 1.0]
    assert rates[4:] == [0.5**k for k in range(1, 10)]


def test_a_constant_rate_stays():
    training = SINE_ORIGINAL.experiment.training
    assert {learning_rate(training, epoch) for epoch in range(training.epochs)} == {0.001}
