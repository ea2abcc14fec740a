"""The verbs of the flow language: each as it is written in a file, by its name."""

from acd.ivr.load.shape import StepShape
from acd.ivr.load.verbs.agent import AgentShape
from acd.ivr.load.verbs.answer import AnswerShape
from acd.ivr.load.verbs.branch import BranchShape
from acd.ivr.load.verbs.callback import CallbackShape
from acd.ivr.load.verbs.flow import CallFlowShape
from acd.ivr.load.verbs.flow_return import FlowReturnShape
from acd.ivr.load.verbs.gather import GatherShape
from acd.ivr.load.verbs.hang_up import HangUpShape
from acd.ivr.load.verbs.hours import HoursShape
from acd.ivr.load.verbs.http import HttpShape
from acd.ivr.load.verbs.language import LanguageShape
from acd.ivr.load.verbs.lead import LeadShape
from acd.ivr.load.verbs.leave_queue import LeaveQueueShape
from acd.ivr.load.verbs.lookup import LookupShape
from acd.ivr.load.verbs.menu import MenuShape
from acd.ivr.load.verbs.messages import MessagesShape
from acd.ivr.load.verbs.my_callback import MyCallbackShape
from acd.ivr.load.verbs.opt_out import OptOutShape
from acd.ivr.load.verbs.pause import PauseShape
from acd.ivr.load.verbs.play import PlayShape
from acd.ivr.load.verbs.queue import QueueShape
from acd.ivr.load.verbs.record import RecordShape
from acd.ivr.load.verbs.ringing import RingingShape
from acd.ivr.load.verbs.say import SayShape
from acd.ivr.load.verbs.set import SetShape
from acd.ivr.load.verbs.split import SplitShape
from acd.ivr.load.verbs.supervise import SuperviseShape
from acd.ivr.load.verbs.survey import SurveyShape
from acd.ivr.load.verbs.tag import TagShape
from acd.ivr.load.verbs.tape import TapeShape
from acd.ivr.load.verbs.transfer import TransferShape
from acd.ivr.load.verbs.voicemail import VoicemailShape

SHAPES: dict[str, type[StepShape]] = {
    shape.makes.verb: shape
    for shape in (
        AgentShape, BranchShape, GatherShape, HangUpShape, HoursShape, MenuShape, PlayShape, QueueShape, SayShape, SetShape,
        TransferShape, VoicemailShape, HttpShape, LookupShape, LanguageShape, LeaveQueueShape,
        AnswerShape, RingingShape, PauseShape, TagShape, SplitShape, CallFlowShape, FlowReturnShape,
        RecordShape, SurveyShape, CallbackShape, MessagesShape, TapeShape, SuperviseShape, MyCallbackShape,
        OptOutShape, LeadShape,
    )
}  # fmt: skip
