// Module resource: limits and usage of system resources.
#include <sys/resource.h>
#include <unistd.h>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "modules/struct_sequence.h"
#include "modules/sys_module.h"
#include "objects/float.h"

namespace ouro {

namespace {

Status check_resource(ThreadState& ts, int resource) {
  if (resource >= 0 && resource < RLIM_NLIMITS) return kDone;
  return raise_value_error(ts, "invalid resource specified");
}

Result<rlim_t> limit_value(ThreadState& ts, Obj value) {
  ObjRef number = OURO_TRY(to_index(ts, value));
  if (!as<Int>(number)->is_small()) {
    return raise(ts, ts.core.exceptions.OverflowError, "Python int too large to convert to C long");
  }
  return static_cast<rlim_t>(as<Int>(number)->small);
}

/// (soft, hard) as a pair of numbers; any iterable of two will do.
Result<rlimit> limits_of(ThreadState& ts, Obj value) {
  Ref<Tuple> pair = OURO_TRY(tuple_from_iterable(ts, value));
  if (pair->size != 2) return raise_value_error(ts, "expected a tuple of 2 integers");
  rlimit limits = {};
  limits.rlim_cur = OURO_TRY(limit_value(ts, pair->at(0)));
  limits.rlim_max = OURO_TRY(limit_value(ts, pair->at(1)));
  return limits;
}

ObjResult as_pair(ThreadState& ts, const rlimit& limits) {
  Ref<Int> soft = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(limits.rlim_cur)));
  Ref<Int> hard = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(limits.rlim_max)));
  return Tuple::of(ts, soft, hard);
}

Raised raise_limit_error(ThreadState& ts) {
  if (errno == EINVAL) return raise_value_error(ts, "current limit exceeds maximum limit");
  if (errno == EPERM) return raise_value_error(ts, "not allowed to raise maximum limit");
  return raise_os_error(ts, errno);
}

ObjResult get_limit(ThreadState& ts, Obj, Args args) {
  const int resource = OURO_TRY(c_int(ts, args[0]));
  OURO_TRY(check_resource(ts, resource));
  rlimit limits = {};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &limits) < 0) {
    return raise_os_error(ts, errno);
  }
  return as_pair(ts, limits);
}

ObjResult set_limit(ThreadState& ts, Obj, Args args) {
  const int resource = OURO_TRY(c_int(ts, args[0]));
  OURO_TRY(check_resource(ts, resource));
  Ref<Int> number = OURO_TRY(Int::from(ts, resource));
  Object* facts[] = {number.get(), args[1].get()};
  OURO_TRY(audit(ts, "resource.setrlimit", facts));
  const rlimit limits = OURO_TRY(limits_of(ts, args[1]));
  if (setrlimit(static_cast<__rlimit_resource>(resource), &limits) < 0) {
    return raise_limit_error(ts);
  }
  return ts.core.none_ref();
}

ObjResult process_limit(ThreadState& ts, Obj, Args args) {
  const int process = OURO_TRY(c_int(ts, args[0]));
  const int resource = OURO_TRY(c_int(ts, args[1]));
  OURO_TRY(check_resource(ts, resource));
  const bool change = args.size() > 2 && !is_none(args[2]);
  Object* facts[] = {args[0].get(), args[1].get(), args.size() > 2 ? args[2].get() : ts.core.none};
  OURO_TRY(audit(ts, "resource.prlimit", facts));
  rlimit wanted = {};
  if (change) wanted = OURO_TRY(limits_of(ts, args[2]));
  rlimit before = {};
  if (prlimit(process, static_cast<__rlimit_resource>(resource), change ? &wanted : nullptr,
              &before) < 0) {
    if (errno == EINVAL) return raise_value_error(ts, "current limit exceeds maximum limit");
    return raise_os_error(ts, errno);
  }
  return as_pair(ts, before);
}

ObjResult get_usage(ThreadState& ts, Obj module, Args args) {
  const int who = OURO_TRY(c_int(ts, args[0]));
  rusage usage = {};
  if (getrusage(static_cast<__rusage_who>(who), &usage) < 0) {
    if (errno == EINVAL) return raise_value_error(ts, "invalid who parameter");
    return raise_os_error(ts, errno);
  }
  ItemBuffer values(ts);
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    const double seconds =
        static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    OURO_TRY(values.append(OURO_TRY(Float::from(ts, seconds))));
  }
  for (const long number :
       {usage.ru_maxrss, usage.ru_ixrss, usage.ru_idrss, usage.ru_isrss, usage.ru_minflt,
        usage.ru_majflt, usage.ru_nswap, usage.ru_inblock, usage.ru_oublock, usage.ru_msgsnd,
        usage.ru_msgrcv, usage.ru_nsignals, usage.ru_nvcsw, usage.ru_nivcsw}) {
    OURO_TRY(values.append(OURO_TRY(Int::from(ts, number))));
  }
  return make_struct(ts, state_type(module, 0),
                     {values.data(), static_cast<std::size_t>(values.size())});
}

ObjResult page_size(ThreadState& ts, Obj, Args) { return Int::from(ts, sysconf(_SC_PAGESIZE)); }

constexpr MethodDef kFunctions[] = {
    {"getrusage", get_usage, 1, 1, MethodDef::kNone,
     "getrusage($module, who, /)\n--\n\nWhat the process, its children or the thread have used."},
    {"getrlimit", get_limit, 1, 1, MethodDef::kNone,
     "getrlimit($module, resource, /)\n--\n\nThe limits (soft, hard) of a resource."},
    {"setrlimit", set_limit, 2, 2, MethodDef::kNone,
     "setrlimit($module, resource, limits, /)\n--\n\nSets the limits (soft, hard) of a resource."},
    {"prlimit", process_limit, 2, 3, MethodDef::kNone,
     "prlimit($module, pid, resource, limits=None, /)\n--\n\nThe limits of a process, which are "
     "then "
     "set if limits are given."},
    {"getpagesize", page_size, 0, 0, MethodDef::kNone,
     "getpagesize($module, /)\n--\n\nBytes of a page of memory."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr const char* kUsageFields[] = {"ru_utime",  "ru_stime",    "ru_maxrss",  "ru_ixrss",
                                        "ru_idrss",  "ru_isrss",    "ru_minflt",  "ru_majflt",
                                        "ru_nswap",  "ru_inblock",  "ru_oublock", "ru_msgsnd",
                                        "ru_msgrcv", "ru_nsignals", "ru_nvcsw",   "ru_nivcsw"};

constexpr std::pair<const char*, std::int64_t> kConstants[] = {
    {"RLIMIT_CPU", RLIMIT_CPU},         {"RLIMIT_FSIZE", RLIMIT_FSIZE},
    {"RLIMIT_DATA", RLIMIT_DATA},       {"RLIMIT_STACK", RLIMIT_STACK},
    {"RLIMIT_CORE", RLIMIT_CORE},       {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_OFILE", RLIMIT_OFILE},     {"RLIMIT_AS", RLIMIT_AS},
    {"RLIMIT_RSS", RLIMIT_RSS},         {"RLIMIT_NPROC", RLIMIT_NPROC},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},       {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
    {"RLIMIT_RTTIME", RLIMIT_RTTIME},   {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
    {"RUSAGE_SELF", RUSAGE_SELF},       {"RUSAGE_CHILDREN", RUSAGE_CHILDREN},
    {"RUSAGE_THREAD", RUSAGE_THREAD},   {"RLIM_INFINITY", -1},
};

}  // namespace

Result<Ref<Module>> create_resource_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "resource"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.OSError)));
  Ref<Type> usage = OURO_TRY(
      make_struct_sequence(ts, "resource", "struct_rusage", kUsageFields, std::size(kUsageFields)));
  OURO_TRY(dict_set(ts, module->dict, "struct_rusage", Obj(usage)));
  OURO_TRY(set_state(ts, module, {usage}));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
