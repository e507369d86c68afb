; Jobs for the tests of the pool.
declare void @parallel(ptr, ptr, ptr, i64)

; Run a job so many times, one after the other.
define void @many(ptr %pool, ptr %function, ptr %argument, i64 %pieces, i64 %times) nounwind {
entry:
  br label %head
head:
  %k = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %k, %times
  br i1 %more, label %body, label %end
body:
  call void @parallel(ptr %pool, ptr %function, ptr %argument, i64 %pieces)
  %next = add i64 %k, 1
  br label %head
end:
  ret void
}

define void @nothing(ptr %argument, i64 %piece) nounwind {
  ret void
}

; counts[piece] += 1, not atomically: two threads on one piece would lose counts.
define void @count(ptr %counts, i64 %piece) nounwind {
  %place = getelementptr i64, ptr %counts, i64 %piece
  %before = load i64, ptr %place
  %after = add i64 %before, 1
  store i64 %after, ptr %place
  ret void
}

; sums[piece] = sum of 1000 floats of the piece, in order.
define void @sum(ptr %arguments, i64 %piece) nounwind {
entry:
  %floats = load ptr, ptr %arguments
  %sums.place = getelementptr ptr, ptr %arguments, i64 1
  %sums = load ptr, ptr %sums.place
  %start = mul i64 %piece, 1000
  %own = getelementptr float, ptr %floats, i64 %start
  br label %body
body:
  %k = phi i64 [ 0, %entry ], [ %next, %body ]
  %total = phi float [ 0.0, %entry ], [ %total.next, %body ]
  %place = getelementptr float, ptr %own, i64 %k
  %x = load float, ptr %place
  %total.next = fadd float %total, %x
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, 1000
  br i1 %more, label %body, label %end
end:
  %sum.place = getelementptr float, ptr %sums, i64 %piece
  store float %total.next, ptr %sum.place
  ret void
}

; Every piece runs a job of four pieces: arguments are the pool and the counts.
define void @nested(ptr %arguments, i64 %piece) nounwind {
  %pool = load ptr, ptr %arguments
  %counts.place = getelementptr ptr, ptr %arguments, i64 1
  %counts = load ptr, ptr %counts.place
  %start = mul i64 %piece, 4
  %own = getelementptr i64, ptr %counts, i64 %start
  call void @parallel(ptr %pool, ptr @count, ptr %own, i64 4)
  ret void
}

; words[0] counts who has come; words[1 + piece] becomes the how many-th it was, if words[64] came before
; patience ended.
define void @meet(ptr %words, i64 %piece) nounwind {
entry:
  %all.place = getelementptr i64, ptr %words, i64 64
  %all = load i64, ptr %all.place
  %come = atomicrmw add ptr %words, i64 1 seq_cst
  br label %look
look:
  %k = phi i64 [ 0, %entry ], [ %next, %again ]
  %present = load atomic i64, ptr %words seq_cst, align 8
  %met = icmp sge i64 %present, %all
  br i1 %met, label %yes, label %again
again:
  %next = add i64 %k, 1
  %patient = icmp slt i64 %next, 5000000000
  br i1 %patient, label %look, label %end
yes:
  %number = add i64 %piece, 1
  %place = getelementptr i64, ptr %words, i64 %number
  %nth = add i64 %come, 1
  store i64 %nth, ptr %place
  br label %end
end:
  ret void
}

; kept[piece] = x + x: 0 if the thread flushes denormal numbers to zero. Arguments are x and the kept floats.
define void @keep(ptr %arguments, i64 %piece) nounwind {
  %kept.place = getelementptr ptr, ptr %arguments, i64 1
  %x.place = load ptr, ptr %arguments
  %kept = load ptr, ptr %kept.place
  %x = load volatile float, ptr %x.place
  %twice = fadd float %x, %x
  %own = getelementptr float, ptr %kept, i64 %piece
  store float %twice, ptr %own
  ret void
}

; Takes about a tenth of a second.
define void @slow(ptr %counts, i64 %piece) nounwind {
entry:
  br label %body
body:
  %k = phi i64 [ 0, %entry ], [ %next, %body ]
  %seen = load volatile i64, ptr %counts
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, 200000000
  br i1 %more, label %body, label %end
end:
  call void @count(ptr %counts, i64 %piece)
  ret void
}
