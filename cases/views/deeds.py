"""The actions on a case as pages and buttons show them: word, consequence, form and service of each."""

from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.forms import actions, check, correct, time, who
from cases.models import Case
from cases.services.attach_file import attach_file
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.correct_case import correct_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.locate_case import locate_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.verify_case import verify_case
from cases.services.void_case import void_case
from cases.views.deed import Deed
from cases.workflow import Action
from stakeholders.models import Membership

DEEDS = {
    deed.action: deed
    for deed in (
        Deed(
            Action.LOCATE,
            _("Say where and what"),
            _("Then the duty list is asked, and the case goes to whoever answers for it."),
            _("Place and item are noted."),
            "pin",
            who.LocateForm,
            locate_case,
        ),
        Deed(
            Action.ACCEPT,
            _("Sign for it"),
            _("Then your party handles it; the deadline stays as it is."),
            _("You signed for it."),
            "check",
            actions.ActionForm,
            sign_for_case,
        ),
        Deed(
            Action.CLAIM,
            _("It is ours"),
            _("If nobody else says so and all who were asked have answered, you get it; else somebody decides."),
            _("Your word is noted."),
            "flag",
            who.ClaimForm,
            claim_case,
        ),
        Deed(
            Action.RESUME,
            _("Go on with it"),
            _("Then its clocks go on with what was left of them."),
            _("It goes on."),
            "right",
            actions.RemarkForm,
            resume_case,
        ),
        Deed(
            Action.RESOLVE,
            _("Report it done"),
            _("Then the clock stops, and somebody outside your party checks it."),
            _("You reported it done; now it is checked."),
            "check",
            actions.ResolveForm,
            resolve_case,
        ),
        Deed(
            Action.DECIDE_EXTENSION,
            _("Decide on more time"),
            _("The deadline moves if you grant it, and stays if you do not. Who asked is told."),
            _("It is decided, and who asked is told."),
            "clock",
            time.DecideForm,
            decide_extension,
        ),
        Deed(
            Action.DECIDE_HOLD,
            _("Decide on the hold"),
            _("Its clocks stand still if you grant it, and run on if you do not. Who asked is told."),
            _("It is decided, and who asked is told."),
            "clock",
            time.DecideForm,
            decide_hold,
        ),
        Deed(
            Action.VERIFY,
            _("Verify it"),
            _("Then it can be closed. Nobody verifies the work of the own party."),
            _("It is verified."),
            "search",
            check.VerifyForm,
            verify_case,
        ),
        Deed(
            Action.CLOSE,
            _("Close it"),
            _("Then the case ends, and who logged it is told."),
            _("The case is closed."),
            "check",
            check.CloseForm,
            close_case,
        ),
        Deed(
            Action.REWORK,
            _("Send it back"),
            _("Then it goes back to handling. The deadline runs on; it may be past at once."),
            _("It went back to handling."),
            "back",
            check.ReworkForm,
            rework_case,
        ),
        Deed(
            Action.RULE,
            _("Rule on it"),
            _(
                "Then the party has it and cannot return it; a dispute ends. From now on means: the next case goes "
                "there by itself, and what waits there goes along."
            ),
            _("It is ruled."),
            "seal",
            who.RuleForm,
            rule_on_case,
        ),
        Deed(
            Action.REASSIGN,
            _("Assign it"),
            _("Then the party has to sign for it. The deadline to resolve it stays as it is."),
            _("The case was handed on."),
            "swap",
            who.ReassignForm,
            reassign_case,
        ),
        Deed(
            Action.RETURN,
            _("Not ours"),
            _(
                "Then it goes to the coordinator with your reason. The deadline runs on, and the time so far stays "
                "charged to your party."
            ),
            _("You returned it; the coordinator decides."),
            "back",
            who.ReturnForm,
            return_case,
        ),
        Deed(
            Action.DISCLAIM,
            _("It is not ours"),
            _("Your word counts beside that of the others. Where all say so, nobody has it, and somebody decides."),
            _("Your word is noted."),
            "x",
            who.DisclaimForm,
            disclaim_case,
        ),
        Deed(
            Action.CONTACT,
            _("Note a contact"),
            _("The first contact with the reporter stops the contact clock."),
            _("The contact is noted."),
            "phone",
            actions.ContactForm,
            contact_reporter,
        ),
        Deed(
            Action.RATE,
            _("Note the rating"),
            _("Once in each round. “Not solved” reopens the case for whoever had it."),
            _("The answers are noted."),
            "phone",
            check.RateForm,
            rate_case,
        ),
        Deed(
            Action.REOPEN,
            _("Reopen it"),
            _("Then it goes back to whoever had it last, and the clocks start anew."),
            _("The case is open again."),
            "back",
            check.ReopenForm,
            reopen_case,
        ),
        Deed(
            Action.PUT_IN_CHARGE,
            _("Put somebody in charge"),
            _("Inside your party; the others still see the case."),
            _("It is noted who is in charge."),
            "user",
            who.PutInChargeForm,
            put_in_charge,
        ),
        Deed(
            Action.EXTEND,
            _("Ask for more time"),
            _("A coordinator decides; until then the deadline stays. Once in each round."),
            _("You asked for more time; the coordinator decides."),
            "clock",
            time.ExtendForm,
            extend_case,
        ),
        Deed(
            Action.HOLD,
            _("Set it aside"),
            _("Its clocks stand still until then. A coordinator decides; one who asks has decided at once."),
            _("It is noted."),
            "clock",
            time.HoldForm,
            hold_case,
        ),
        Deed(
            Action.COMMENT,
            _("Comment"),
            _("Everybody who sees the case can read it; nothing else changes."),
            _("Your comment is added."),
            "info",
            actions.CommentForm,
            comment_on_case,
        ),
        Deed(
            Action.ATTACH,
            _("Attach a file"),
            _("Everybody who sees the case can look at it."),
            _("The file is attached."),
            "plus",
            actions.AttachForm,
            attach_file,
        ),
        Deed(
            Action.CORRECT,
            _("Correct the report"),
            _("Another urgency moves the deadlines. It is noted what was corrected, and who has the case is told."),
            _("The report is corrected."),
            "info",
            correct.CorrectForm,
            correct_case,
        ),
        Deed(
            Action.START_TIMER,
            _("Start a statutory time limit"),
            _("It runs beside the deadline of the case; nothing moves it but its own article."),
            _("The time limit runs."),
            "clock",
            time.StartTimerForm,
            start_statutory_timer,
        ),
        Deed(
            Action.EXTEND_TIMER,
            _("Extend a statutory time limit"),
            _("Once, and never further than its article allows."),
            _("The time limit is extended."),
            "clock",
            time.ExtendTimerForm,
            extend_statutory_timer,
        ),
        Deed(
            Action.STOP_TIMER,
            _("Stop a statutory time limit"),
            _("What the law asks for is done; whether it was in time stays readable."),
            _("The time limit is stopped."),
            "check",
            time.StopTimerForm,
            stop_statutory_timer,
        ),
        Deed(
            Action.LINK_DUPLICATE,
            _("It is a duplicate"),
            _("Then it ends and follows the main case: who reported it hears the outcome of that one."),
            _("It is joined to the main case."),
            "case",
            who.LinkDuplicateForm,
            link_duplicate,
        ),
        Deed(
            Action.VOID,
            _("Declare it void"),
            _("Then it ends without a result and counts in no rate. Number and history stay."),
            _("The case is void."),
            "alert",
            actions.VoidForm,
            void_case,
        ),
    )
}


def allowed(by: Membership, case: Case) -> list[Deed]:
    """What this membership may do now with a case it can see, likeliest first."""
    return [DEEDS[action] for action in policies.allowed_actions(by, case)]
