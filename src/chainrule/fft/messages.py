"""Messages of the Fourier transforms."""

from chainrule.errors import ConfigError, DTypeError, Message, ShapeError, register

register(
    "fft",
    {
        "norm": Message(
            ConfigError,
            "{op}: norm must be 'backward', 'ortho' or 'forward', got {got}",
            "{op}：norm 应为 'backward'、'ortho' 或 'forward'，实际为 {got}",
        ),
        "points": Message(
            ShapeError,
            "{op}: {got} points along axis {axis}; a transform needs at least 1 ({shapes})",
            "{op}：轴 {axis} 上有 {got} 个点；变换至少需要 1 个（{shapes}）",
        ),
        "lengths": Message(
            ShapeError,
            "{op}: give at least one axis, and one number of points for each; got s = {s} for axes {axes} ({shapes})",
            "{op}：请至少给出一个轴，并为每个轴给出一个点数；实际为 s = {s}，axes = {axes}（{shapes}）",
        ),
        "real": Message(
            DTypeError,
            "{op} transforms real numbers, got {dtype}. Use fft, or the real part alone: cr.real(x)",
            "{op} 只变换实数，实际为 {dtype}。请用 fft，或只取实部：cr.real(x)",
        ),
        "frames": Message(
            ShapeError,
            "{op}: {got} samples along the last axis are fewer than the {expected} of one frame ({shapes}). "
            "Use a smaller n_fft, or a longer signal",
            "{op}：最后一轴只有 {got} 个样本，少于一帧所需的 {expected} 个（{shapes}）。请用更小的 n_fft 或更长的信号",
        ),
        "frame": Message(
            ConfigError,
            "{op}: {name} must be a whole number from 1 to {high}, got {got}",
            "{op}：{name} 应为 1 到 {high} 的整数，实际为 {got}",
        ),
        "window": Message(
            ShapeError,
            "{op}: the window must have one axis of win_length = {expected} elements, got the shape {got}",
            "{op}：窗必须是长度为 win_length = {expected} 的一维张量，实际形状为 {got}",
        ),
        "bins": Message(
            ShapeError,
            "istft: axis -2 must hold {expected} frequencies for n_fft = {n_fft} (onesided = {onesided}), "
            "got {got} ({shapes})",
            "istft：n_fft = {n_fft}（onesided = {onesided}）时轴 -2 应有 {expected} 个频率，实际为 {got}（{shapes}）",
        ),
        "overlap": Message(
            ConfigError,
            "istft: the overlapped windows add up to {least} at sample {place}, so the signal cannot be found "
            "there. Use a smaller hop_length, or a window that is not 0 at its ends",
            "istft：各窗在样本 {place} 处叠加仅为 {least}，无法还原该处的信号。请减小 hop_length，或使用两端不为 0 的窗",
        ),
        "pad_mode": Message(
            ConfigError,
            "stft: pad_mode must be one of {allowed}, got {got}",
            "stft：pad_mode 应为 {allowed} 之一，实际为 {got}",
        ),
        "convolve_mode": Message(
            ConfigError,
            "convolve: mode must be 'full', 'same' or 'valid', got {got}",
            "convolve：mode 应为 'full'、'same' 或 'valid'，实际为 {got}",
        ),
    },
)
