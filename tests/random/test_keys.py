"""Keys: equal ones give equal numbers, new ones are unrelated, wrong ones are refused."""

import numpy as np
import pytest

import chainrule as cr
from chainrule.errors import ConfigError, DTypeError
from chainrule.ops import TABLE

KEY = cr.random.key(3)

# Every function that draws, with parameters: all of them take a key or a generator.
DRAWS = {
    "uniform": lambda **own: cr.random.uniform((4, 3), -1.0, 2.0, **own),
    "integers": lambda **own: cr.random.integers(-5, 100, (4, 3), **own),
    "normal": lambda **own: cr.random.normal((4, 3), 1.0, 2.0, **own),
    "truncated_normal": lambda **own: cr.random.truncated_normal((4, 3), -1.0, 3.0, **own),
    "exponential": lambda **own: cr.random.exponential((4, 3), 2.0, **own),
    "laplace": lambda **own: cr.random.laplace((4, 3), 1.0, 2.0, **own),
    "cauchy": lambda **own: cr.random.cauchy((4, 3), 1.0, 2.0, **own),
    "gumbel": lambda **own: cr.random.gumbel((4, 3), 1.0, 2.0, **own),
    "gamma": lambda **own: cr.random.gamma(0.7, 2.0, (4, 3), **own),
    "beta": lambda **own: cr.random.beta(0.7, 2.0, (4, 3), **own),
    "dirichlet": lambda **own: cr.random.dirichlet([0.7, 2.0, 1.0], (4, 3), **own),
    "bernoulli": lambda **own: cr.random.bernoulli(0.3, (4, 3), **own),
    "categorical": lambda **own: cr.random.categorical([0.7, 2.0, 1.0], (4, 3), **own),
    "poisson": lambda **own: cr.random.poisson([3.0, 30.0, 300.0], (4, 3), **own),
    "binomial": lambda **own: cr.random.binomial(50, [0.1, 0.5, 0.9], (4, 3), **own),
    "multinomial": lambda **own: cr.random.multinomial(50, [0.1, 0.5, 0.4], (4, 3), **own),
    "permutation": lambda **own: cr.random.permutation(12, **own),
    "shuffle": lambda **own: cr.random.shuffle(np.arange(12), **own),
    "choice": lambda **own: cr.random.choice(12, 5, replace=False, **own),
}
every_draw = pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())


def test_every_public_draw_is_tried_here():
    others = {"Generator", "default_generator", "seed", "key", "split", "fold_in"}
    assert set(DRAWS) == set(cr.random.__all__) - others


@every_draw
def test_equal_keys_give_equal_numbers_and_others_do_not(draw):
    first = draw(key=KEY).tolist()
    assert first == draw(key=KEY).tolist()
    assert first != draw(key=cr.random.fold_in(KEY, 1)).tolist()


@every_draw
def test_a_recorded_draw_gives_the_numbers_of_its_key(draw):
    graph = cr.record(lambda key: draw(key=key), KEY)
    graph.verify()
    for i in range(3):
        own = cr.random.fold_in(KEY, i)
        assert graph(own)[0].tolist() == draw(key=own).tolist()


@every_draw
def test_a_recorded_draw_moves_its_generator_on(draw):
    generator, other = cr.random.Generator(5), cr.random.Generator(5)
    graph = cr.record(lambda: draw(generator=generator))
    drawn = [graph()[0].tolist() for _ in range(2)]
    assert drawn == [draw(generator=other).tolist() for _ in range(2)]
    assert drawn[0] != drawn[1]


@every_draw
def test_a_key_that_is_none_is_refused(draw):
    for wrong in (7, cr.tensor([1, 2]), np.zeros(3, np.uint32), cr.random.split(KEY)):
        with pytest.raises(DTypeError, match="a key is a uint32 tensor of shape"):
            draw(key=wrong)
    with pytest.raises(ConfigError, match="not both"):
        draw(key=KEY, generator=cr.random.Generator(0))
    with pytest.raises(DTypeError, match=r"generator must be a .*, got int"):
        draw(generator=3)


def test_the_key_of_a_seed_is_that_of_its_generator():
    assert cr.random.key(7).tolist() == cr.random.Generator(7).key.tolist()


def test_split_keys_are_distinct_and_do_not_repeat_the_bits_of_draws():
    keys = cr.random.split(KEY, 1000).numpy()
    assert len({tuple(words) for words in keys.tolist()}) == 1000
    bits = TABLE["random_bits"](KEY, shape=(2000,)).numpy()
    assert not set(keys.ravel().tolist()) & set(bits.tolist())


def test_fold_in_takes_integers_of_any_shape():
    data = cr.tensor([[0, 1, -1], [2**40, 5, 2]])
    keys = cr.random.fold_in(KEY, data)
    assert keys.shape == (2, 3, 2)
    for place in np.ndindex(2, 3):
        assert keys[place].tolist() == cr.random.fold_in(KEY, int(data[place])).tolist()


def test_numbers_of_split_keys_are_uncorrelated():
    rows = np.stack([cr.random.normal(2000, key=key).numpy() for key in cr.random.split(KEY, 50)])
    correlations = np.corrcoef(rows)[np.triu_indices(50, 1)]
    # 1225 correlations with a standard deviation of 2000^-1/2 each.
    assert abs(correlations).max() < 4.5 / 2000**0.5
    assert abs(correlations.mean()) < 4.5 / (2000 * 1225) ** 0.5
