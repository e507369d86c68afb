; What the pool needs of an AArch64 processor.

declare void @llvm.aarch64.hint(i32)
declare i64 @llvm.aarch64.get.fpcr()
declare void @llvm.aarch64.set.fpcr(i64)

; Tell it that this thread is waiting.
define void @relax() nounwind {
  call void @llvm.aarch64.hint(i32 1)
  ret void
}

; How it rounds, and whether it flushes denormal numbers to zero.
define i64 @float_mode() nounwind {
  %mode = call i64 @llvm.aarch64.get.fpcr()
  ret i64 %mode
}

define void @set_float_mode(i64 %mode) nounwind {
  call void @llvm.aarch64.set.fpcr(i64 %mode)
  ret void
}
