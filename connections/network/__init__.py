"""Who is linked to whom, by which evidence, and how to get from one to another.

A **link** between two people is something written down that says they know each
other, or could. Each kind of evidence has a strength from 1 to 5, and a link is as
strong as its strongest evidence:

- a *relationship*: as strong as was said, 3 when nothing was; two less, but at least
  1, when it has ended, as people still know each other then;
- an *origin* ("Lena brought you Maya"): 4 for an introduction, else 3;
- an *introduction* that was made: the introducer to each of the two 4 when they met
  and 3 before; the two to each other 3 when they met and 2 before;
- *together* in one interaction of several people: 4 in person and 3 online for up to
  four of them, 2 for up to twelve. More than twelve are a crowd, and no link;
- at one *event*: 2; in one *organization*: 1. These two say that people could know
  each other, not that they do: such a link counts as two, by way of the event or the
  organization, which are nodes of their own.

**Me**: I am linked to those with whom I was really in touch (stage "wrote" or
further), as strongly as that went (wrote 2, spoke 3, met 3, met again 4, worked
together 5), one less when it is more than two years ago; and to those with whom I
have a relationship, or whom I or who was introduced.

Who is in the trash is no way to anybody; who is archived is.
"""
