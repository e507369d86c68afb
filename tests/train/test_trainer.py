"""Fitting, measuring and predicting."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule as cr
from chainrule import data, metrics, nn, optim, train


def test_learns(make, blobs):
    trainer = make(metrics=["accuracy"])
    history = trainer.fit(blobs, blobs, epochs=10)
    assert history.columns == ["epoch", "lr", "loss", "accuracy", "val_loss", "val_accuracy"]
    assert history["epoch"] == list(range(1, 11))
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert history["val_accuracy"][-1] == trainer.evaluate(blobs)["accuracy"] > 0.95
    assert (trainer.epoch, trainer.steps, trainer.is_over, trainer.stop_reason) == (10, 20, True, None)


def test_takes_data_in_every_form(make, blobs, weights):
    x, y = blobs
    dataset = data.ArrayDataset(x, y)
    forms = [
        ((x, y), {"batch_size": 16, "seed": 3}),
        (dataset, {"batch_size": 16, "seed": 3}),
        (data.Loader(dataset, 16, seed=3), {}),
        ((cr.tensor(x), cr.tensor(y)), {"batch_size": 16, "seed": 3}),
        ((x.tolist(), y.tolist()), {"batch_size": 16, "seed": 3}),
    ]
    results = []
    for form, options in forms:
        trainer = make()
        trainer.fit(form, form, epochs=2, **options)
        # A loader's batches are its own; the mean of other batches is rounded in another way.
        size = {} if isinstance(form, data.Loader) else {"batch_size": 16}
        results.append((weights(trainer), trainer.evaluate(form, **size), trainer.predict(form, **size)))
    for found, measured, predicted in results[1:]:
        np.testing.assert_array_equal(found, results[0][0])
        assert measured == results[0][1]
        np.testing.assert_array_equal(predicted, results[0][2])


def test_tensors_keep_their_type():
    tokens, labels = cr.tensor([[0, 1], [1, 1], [2, 0], [2, 2]]), cr.tensor([0, 0, 1, 1])
    model = nn.Sequential(nn.Embedding(3, 4), nn.Flatten(), nn.Linear(8, 2))
    trainer = train.Trainer(model, "cross_entropy", "adam", lr=0.1, verbose=0)
    assert trainer.fit((tokens, labels), epochs=30)["loss"][-1] < 0.1


def test_float64_stays_float64():
    x = cr.tensor(np.linspace(0, 1, 8)[:, None])
    trainer = train.Trainer(nn.Linear(1, 1).double(), "mse", "adam", verbose=0)
    trainer.fit((x, 2 * x), epochs=1)
    assert trainer.predict(x).dtype == np.float64


@pytest.mark.parametrize(
    "loss",
    [
        "mse",
        "mse_loss",
        nn.MSELoss(),
        nn.MSELoss,
        nn.functional.mse_loss,
        lambda prediction, target: ((prediction - target) ** 2).mean(),
    ],
    ids=["short name", "name", "module", "class", "function", "lambda"],
)
def test_takes_a_loss_in_every_form(loss, blobs):
    x = blobs[0]
    trainer = train.Trainer(nn.Linear(4, 1), loss, "sgd", lr=0.01, verbose=0)
    assert trainer.evaluate((x, x[:, :1]))["loss"] == pytest.approx(
        float(((trainer.predict(x) - x[:, :1]) ** 2).mean())
    )


def test_takes_metrics_in_every_form(make, blobs):
    named = metrics.TopKAccuracy(k=2, name="top2")
    trainer = make(metrics=["accuracy", metrics.F1, named])
    trainer.fit(blobs, epochs=1)
    assert list(trainer.evaluate(blobs)) == ["loss", "accuracy", "f1", "top2"]
    assert named.samples == 0, "the metric that was given is left alone"
    assert make(metrics="accuracy").metrics[0].name == "accuracy"


def test_metrics_that_are_not_one_number_stay_out_of_the_history(make, blobs):
    trainer = make(metrics=["confusion_matrix", "accuracy"])
    assert trainer.fit(blobs, epochs=1).columns == ["epoch", "lr", "loss", "accuracy"]
    assert trainer.evaluate(blobs)["confusion_matrix"].sum() == 60


def test_loss_is_a_mean_over_samples_not_batches(make, blobs):
    """The last batch of 4 samples must not weigh as much as one of 7."""
    x, y = blobs
    trainer = make()
    whole = float(nn.functional.cross_entropy(trainer.model.eval()(cr.tensor(x)), cr.tensor(y)).item())
    assert trainer.evaluate((x, y), batch_size=7)["loss"] == pytest.approx(whole, rel=1e-6)


def test_evaluation_mode_is_used_and_left(make, blobs):
    trainer = make()
    trainer.model.train()
    trainer.model[1].eval()
    trainer.model[2].p = 1.0
    before = [module.training for module in trainer.model.modules()]
    assert len(np.unique(trainer.predict(blobs[0]), axis=0)) > 1, "dropout was at work"
    assert trainer.evaluate(blobs) == trainer.evaluate(blobs)
    assert [module.training for module in trainer.model.modules()] == before
    with pytest.raises(cr.errors.ChainruleError):
        trainer.predict(np.zeros((2, 7), np.float32))
    assert [module.training for module in trainer.model.modules()] == before


def test_predictions_are_not_noted_for_derivatives(make, blobs):
    trainer = make()
    outputs = []
    trainer.model.register_forward_hook(lambda module, args, result: outputs.append(result))
    trainer.predict(blobs[0])
    assert outputs
    assert not any(output.requires_grad for output in outputs)


def test_measuring_goes_over_every_sample_in_order(make, blobs):
    x, y = blobs
    loader = data.Loader(data.ArrayDataset(x, y), 32, shuffle=True, drop_last=True)
    trainer = make(metrics=["accuracy"])
    np.testing.assert_array_equal(trainer.predict(loader), trainer.predict(x))
    assert trainer.evaluate(loader) == trainer.evaluate((x, y))
    assert (loader.epoch, loader.batch) == (0, 0), "the loader has not moved on"


def test_a_transform_of_the_loader_is_used_everywhere(make, blobs):
    x, y = blobs
    dataset = data.ArrayDataset(x, y)
    normalize = data.Normalize().fit(dataset)
    loader = data.Loader(dataset, 16, transform=normalize, shuffle=False)
    trainer = make()
    np.testing.assert_array_equal(trainer.predict(loader), trainer.predict(normalize(x)))


def test_fit_again_goes_on_from_the_weights(make, blobs):
    trainer = make()
    first = trainer.fit(blobs, epochs=3)
    second = trainer.fit(blobs, epochs=2)
    assert (len(first), len(second)) == (3, 2)
    assert second["loss"][0] < first["loss"][0]


def test_same_seed_gives_the_same_run(make, blobs, weights):
    runs = []
    for seed in (1, 1, 2):
        trainer = make()
        trainer.fit(blobs, epochs=2, batch_size=16, seed=seed)
        runs.append(weights(trainer))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_recorded_train_step_equals_eager(blobs):
    """Forward with batch norm and dropout, backward, penalty, clipping, norms and update in one graph."""
    x, y = (cr.tensor(part[:20]) for part in blobs)

    def made():
        cr.random.seed(4)
        model = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 3))
        options = {"regularizer": optim.L2(0.1), "clip_grad_norm": 0.5, "clip_grad_value": 0.2}
        trainer = train.Trainer(model, "cross_entropy", "adam", verbose=0, lr=0.01, **options)
        trainer.active = [train.GradientNorms()]
        return trainer

    eager, recorded = made(), made()
    key = cr.random.default_generator.state_dict()
    expected = [eager.train_step(x, y) for _ in range(3)]
    cr.random.default_generator.load_state_dict(key)
    graph = cr.record(recorded.train_step, x, y)
    graph.verify()
    for step in expected:
        leaves = [step.loss, step.prediction, *step.measured.values()]
        for ours, theirs in zip(graph(x, y), leaves, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    for name, array in eager.model.state_dict().items():
        np.testing.assert_array_equal(recorded.model.state_dict()[name], array)


def test_regularizer_shrinks_but_is_not_shown(blobs, make, weights):
    plain, penalised = make(), make(regularizer=optim.L2(10.0))
    assert plain.evaluate(blobs)["loss"] == penalised.evaluate(blobs)["loss"]
    first, second = (trainer.fit(blobs, epochs=20) for trainer in (plain, penalised))
    assert np.abs(weights(penalised)).mean() < 0.2 * np.abs(weights(plain)).mean()
    assert second["loss"][0] < 3, "the penalty itself is far larger"
    assert first["loss"][-1] < second["loss"][-1]


def test_clipping_limits_the_step(make, blobs, weights):
    model = nn.Linear(4, 3)
    trainer = make(model=model, optimizer="gd", lr=1.0, clip_grad_norm=1e-3)
    before = weights(trainer)
    trainer.fit(blobs, epochs=1, batch_size=60)
    assert np.linalg.norm(weights(trainer) - before) == pytest.approx(1e-3, rel=1e-3)
    trainer = make(model=nn.Linear(4, 3), optimizer="gd", lr=1.0, clip_grad_value=1e-3)
    before = weights(trainer)
    trainer.fit(blobs, epochs=1, batch_size=60)
    assert np.abs(weights(trainer) - before).max() == pytest.approx(1e-3, rel=1e-3)


def test_a_frozen_part_stays(make, blobs):
    trainer = make()
    trainer.model[0].requires_grad_(False)
    before = {name: array.copy() for name, array in trainer.model.state_dict().items()}
    trainer.fit(blobs, epochs=1)
    after = trainer.model.state_dict()
    assert [name for name in after if not np.array_equal(after[name], before[name])] == ["3.weight", "3.bias"]
