; What the pool does without on processors that it knows nothing of.

define void @relax() nounwind {
  ret void
}

define i64 @float_mode() nounwind {
  ret i64 0
}

define void @set_float_mode(i64 %mode) nounwind {
  ret void
}
