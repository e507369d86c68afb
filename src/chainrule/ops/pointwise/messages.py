"""Messages of the pointwise operations."""

from chainrule.errors import ConfigError, Message, register

register(
    "pointwise",
    {
        "no_scipy": Message(
            ConfigError,
            "{op} is computed by SciPy, which is not installed: pip install scipy",
            "{op} 由 SciPy 计算，但尚未安装：pip install scipy",
        ),
        "clip_twice": Message(
            ConfigError,
            "clip: a bound is given twice, by its place and as {name}=; give it once",
            "clip：同一个界限被给出两次：一次按位置，一次用 {name}=；请只给一次",
        ),
    },
)
