"""How a system is told to run a job by itself: crontab, systemd, Windows Task Scheduler.

Every form names the Python that is running now, and full paths: a scheduler has neither the folder nor the
``PATH`` of a terminal.
"""

import re
import shlex
import subprocess
import sys
from datetime import date, datetime, time
from hashlib import blake2b
from xml.sax.saxutils import escape

from hotline_tools.jobs.run.job_file import Job, Schedule

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def crontab(job: Job, python: str = sys.executable) -> str:
    """Return the lines for ``crontab -e``; in a crontab an unescaped ``%`` would end the command."""
    plan = job.content.schedule
    at = _time(plan)
    when = f"{at.minute} {at.hour} {plan.day or '*'} * {plan.weekday % 7 if plan.weekday else '*'}"
    command = f"cd {shlex.quote(str(job.folder))} && {shlex.join(_command(job, python))}"
    return f"# hotline-tools：{job.name}，{in_words(plan)}\n{when} {command.replace('%', chr(92) + '%')}\n"


def systemd(job: Job, python: str = sys.executable) -> str:
    """Return the service and the timer, each after a comment with the name of its file."""
    plan = job.content.schedule
    name = unit_name(job)
    weekday = f"{_WEEKDAYS[plan.weekday - 1][:3]} " if plan.weekday else ""
    day = f"{plan.day:02d}" if plan.day else "*"
    command = " ".join(_unit_quoted(word) for word in _command(job, python))
    return f"""# ~/.config/systemd/user/{name}.service
[Unit]
Description=hotline-tools {_unit_escaped(job.name)}

[Service]
Type=oneshot
WorkingDirectory={_unit_escaped(str(job.folder))}
ExecStart={command}

# ~/.config/systemd/user/{name}.timer
[Unit]
Description=hotline-tools {_unit_escaped(job.name)}

[Timer]
OnCalendar={weekday}*-*-{day} {plan.time}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


def task_xml(job: Job, python: str = sys.executable, today: date | None = None) -> str:
    """Return the task for ``schtasks /Create /XML``; the file has to be UTF-16."""
    plan = job.content.schedule
    program, *arguments = _command(job, python)
    start = datetime.combine(today or date.today(), _time(plan))
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{escape(f"hotline-tools：{job.name}，{in_words(plan)}")}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start:%Y-%m-%dT%H:%M:%S}</StartBoundary>
      <Enabled>true</Enabled>
      {_task_days(plan)}
    </CalendarTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT12H</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
      <WorkingDirectory>{escape(str(job.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def unit_name(job: Job) -> str:
    """Return a name for units: that of the file where systemd takes it as it is, else a digest of it."""
    is_plain = re.fullmatch(r"[A-Za-z0-9_.-]+", job.name)
    return f"hotline-{job.name if is_plain else blake2b(job.name.encode(), digest_size=4).hexdigest()}"


def in_words(plan: Schedule) -> str:
    """Return when the job runs, in Chinese."""
    day = f"每周{'一二三四五六日'[plan.weekday - 1]}" if plan.weekday else "每天"
    return f"{f'每月 {plan.day} 日' if plan.day else day} {plan.time}"


def _command(job: Job, python: str) -> list[str]:
    return [python, "-m", "hotline_tools", "run", str(job.path)]


def _time(plan: Schedule) -> time:
    return time.fromisoformat(plan.time)


def _task_days(plan: Schedule) -> str:
    if plan.weekday:
        days = f"<DaysOfWeek><{_WEEKDAYS[plan.weekday - 1]} /></DaysOfWeek>"
        return f"<ScheduleByWeek>{days}<WeeksInterval>1</WeeksInterval></ScheduleByWeek>"
    if plan.day:
        months = "".join(f"<{name} />" for name in _MONTHS)
        days = f"<DaysOfMonth><Day>{plan.day}</Day></DaysOfMonth>"
        return f"<ScheduleByMonth>{days}<Months>{months}</Months></ScheduleByMonth>"
    return "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"


def _unit_escaped(text: str) -> str:
    """A per cent sign starts a specifier in every setting of a unit."""
    return text.replace("%", "%%")


def _unit_quoted(word: str) -> str:
    """Quote a word of ``ExecStart``, in which ``$`` starts a variable."""
    word = _unit_escaped(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{word}"'
